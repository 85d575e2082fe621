"""typst, in a process of its own: what it remembers of a document, and a fault in it, end with it.

Run as a script it reads a JSON object (root, template, told) and writes the PDF.
"""

import json
import sys
from typing import Final

import typst

STANDARD: Final = "ua-1"
"""ISO 14289-1; typst checks it, and refuses what does not meet it."""


def typeset(root: str, template: str, told: str) -> bytes:
    """The PDF of a template in the folder `root` and its data. Raises typst.TypstError.

    Only the fonts of the wheel are used, so that a machine without fonts prints the same.
    """
    return typst.compile(
        f"{root}/{template}.typ",
        root=root,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"told": told},
        pdf_standards=STANDARD,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(**json.load(sys.stdin.buffer)))
