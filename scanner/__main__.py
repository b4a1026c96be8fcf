"""Lets `python -m scanner` do what the console script does."""

from scanner.cli.main import main

if __name__ == "__main__":
    main()
