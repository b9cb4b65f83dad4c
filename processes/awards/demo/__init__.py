"""Fills an empty house with an invented city, so that one can look round."""

from processes.awards.demo.people import Base, fill_base, load_base

__all__ = ["Base", "fill_base", "load_base"]
