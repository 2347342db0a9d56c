"""Anybody's manifest, read leniently: what is wrong with it, where, and what to do."""
