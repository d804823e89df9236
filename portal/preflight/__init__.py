"""The page that shows what would go wrong in the org, before it does."""
