"""What each deed does: one function a deed, gathered in the table of `handlers.actions`."""
