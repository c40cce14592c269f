"""What each part of a page shows, as JSON; `web/src/parts` draws it."""
