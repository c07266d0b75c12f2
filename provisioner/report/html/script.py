"""What makes the page of a plan quick to go through: filters, and keys. It reads the page, and writes no markup."""

from __future__ import annotations

SCRIPT = """
"use strict";
const find = (id) => document.getElementById(id);
const changes = [...document.querySelectorAll("details.change")];
const form = find("filters");
const fields = ["sought", "action", "kind", "account", "blocked"].map(find);
const [text, action, kind, account, blocked] = fields;
let words = null;
let seen = changes;

const chosen = (list) => list && list.value ? list.value.slice(1) : null;

function filter() {
  const sought = text.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
  if (sought.length && !words) words = changes.map((each) => each.textContent.toLowerCase());
  const [does, of, inside] = [action, kind, account].map(chosen);
  seen = changes.filter((each, n) => {
    const data = each.dataset;
    const fits = (does === null || data.action === does) && (of === null || data.kind === of)
      && (inside === null || data.account === inside) && (!blocked || !blocked.checked || "blocked" in data)
      && sought.every((word) => words[n].includes(word));
    if (each.hidden === fits) each.hidden = !fits;
    return fits;
  });
  for (const part of document.querySelectorAll(".batch, .group"))
    part.hidden = !part.querySelector("details.change:not([hidden])");
  find("found").textContent = seen.length.toLocaleString("en") + " of " + changes.length.toLocaleString("en");
}

function clear() {
  form.reset();
  filter();
}

function step(by) {
  if (!seen.length) return;
  const now = seen.indexOf(document.activeElement.closest("details.change"));
  const next = now < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(seen.length - 1, Math.max(0, now + by));
  const summary = seen[next].firstElementChild;
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "nearest" });
}

function show() {
  const named = location.hash.length > 1 && find(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  for (let part = named; part; part = part.parentElement) {
    if (part.hidden && part.closest("#list")) clear();
    if (part.tagName === "DETAILS") part.open = true;
  }
  named.scrollIntoView();
  if (named.classList.contains("change")) named.firstElementChild.focus();
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  find("open").addEventListener("click", () => {
    const some = seen.slice(0, 500);
    const open = some.some((each) => !each.open);
    for (const each of some) each.open = open;
    find("open").textContent = open ? "close all" : "open all";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input[type=search], select, textarea");
    if (event.key === "Escape") { clear(); document.activeElement.blur(); }
    else if (typing) { if (event.key === "Enter") { event.preventDefault(); step(1); } }
    else if (event.key === "/") { event.preventDefault(); text.focus(); text.select(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
  let before = [];
  addEventListener("beforeprint", () => {
    before = changes.length > 500 ? [] : changes.filter((each) => !each.open);
    for (const each of before) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of before) each.open = false; });
  filter();
}
addEventListener("hashchange", show);
show();
"""
