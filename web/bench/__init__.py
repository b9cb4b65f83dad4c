"""``vinhdanh bench``: how long the hot paths take, and with how many statements."""

from web.bench.command import bench

__all__ = ["bench"]
