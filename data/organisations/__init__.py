"""Organisations: listings become a month, and a month the facts of organisations."""
