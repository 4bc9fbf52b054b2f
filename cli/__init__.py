"""The commands of `import-risk`, one module per kind of work; each registers on the app it gets.

Add here a command in the module it belongs to, with --json. Keep out: what a command does inside.
"""
