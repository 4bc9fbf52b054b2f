"""What `import-risk calc` does: read a file strictly, call scenarios/, make a document."""
