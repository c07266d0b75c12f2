"""A live tenant as manifests: what is declared of it, how it is spelled, and in which file it stands."""
