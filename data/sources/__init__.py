"""One file a platform: FACTS (what it gives), fetch (raw JSON) and facts (raw JSON to a row; pure)."""
