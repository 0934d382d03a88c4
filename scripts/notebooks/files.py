"""Notebooks from and to files. Halves of surrogate pairs, which JSON can tell and no file can hold, become �."""

import os

import nbformat


def well_formed(text):
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read(path):
    notebook = nbformat.read(path, as_version=4)
    return nbformat.reads(well_formed(nbformat.writes(notebook)), as_version=4)


def save(notebook, path):
    """Writes it whole or not at all."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(well_formed(nbformat.writes(notebook)) + "\n")
    os.replace(part, path)
