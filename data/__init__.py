"""Everything that touches the world: sources, curated tables, snapshots on disk."""
