"""Values of options that programs here share."""

import argparse


def several_of(known, kind):
    """A parser of names with commas between them."""
    def parse(text):
        chosen = text.split(",")
        if unknown := set(chosen) - set(known):
            raise argparse.ArgumentTypeError(
                f"unknown: {', '.join(sorted(unknown))}; the {kind} are {', '.join(known)}")
        return chosen
    return parse
