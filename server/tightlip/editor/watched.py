"""Names of the files whose change may change what is found or what may leave."""

WATCHED = (
    "tightlip.toml",
    "pyproject.toml",
    ".tightlipignore",
    ".gitignore",
    ".gitleaksignore",
    ".secrets.baseline",
)
"""A superset of `tightlip.guard.WATCHED`: ignore files change what a scan of the workspace looks at."""
