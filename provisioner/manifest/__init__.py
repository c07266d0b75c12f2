"""Text to resources: settings and manifests, with the place of everything that is wrong."""

from __future__ import annotations

from provisioner.manifest.credentials import Credential, resolve_credentials
from provisioner.manifest.files import SETTINGS
from provisioner.manifest.read_settings import load_settings
from provisioner.manifest.settings import Default, Limits, PolicySettings, Settings
from provisioner.manifest.variables import load_variables
from provisioner.manifest.workspace import Secrets, Workspace, load_workspace

__all__ = [
    "SETTINGS",
    "Credential",
    "Default",
    "Limits",
    "PolicySettings",
    "Secrets",
    "Settings",
    "Workspace",
    "load_settings",
    "load_variables",
    "load_workspace",
    "resolve_credentials",
]
