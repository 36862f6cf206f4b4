"""Hugging Face: asked for models, whose replies become records."""
