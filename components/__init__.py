"""Pieces of page that several pages share, and our own browser components with their code beside them."""
