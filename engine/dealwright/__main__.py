"""`python -m dealwright`."""

from __future__ import annotations

import sys

from dealwright.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
