"""Compiles the module HDF5 against the headers of other versions of libhdf5.

    python3 check_hdf5_headers.py [SUITE ...]

For every version, the Swift sources must compile and must not name a macro of the library, whose
constants change their type from version to version; Sources/CHDF5/shim.h wraps them. The headers
are those of Debian's releases: 1.10 of bookworm, 1.14 of trixie and 2 of sid. No release has 1.12:
the newer headers represent it with their names set to those of 1.12 (H5_USE_112_API), which tells
which functions and structs it had, but not the types of its constants. Nothing is linked:
check_debian.py builds and runs on 1.10 and 1.14. Needs a build, whose modules are imported.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parents[2]
SUITES = ["bookworm", "trixie", "sid"]
SOURCES = sorted((ROOT / "Sources" / "HDF5").rglob("*.swift"))
# The C libraries of HDF5 and of Records, which it imports.
MODULE_MAPS = [
    ROOT / "Sources" / name / "module.modulemap" for name in ("CHDF5", "CZlib", "COpenSSL")]
FEATURES = ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"]


def modules():
    """The folder of the built modules that HDF5 imports."""
    found = sorted((ROOT / ".build").glob("*/release/Modules/Records.swiftmodule"))
    if not found:
        sys.exit("there is no build: run 'make build' first")
    return found[0].parent


def macros(include):
    text = "#include <hdf5.h>\n#include <hdf5_hl.h>\n"
    printed = subprocess.run(
        ["clang", "-dM", "-E", f"-I{include}", "-"], input=text, capture_output=True, text=True,
        check=True).stdout
    return set(re.findall(r"^#define (H5\w+)", printed, re.MULTILINE))


def typecheck(include, *definitions):
    """The errors of the compiler in the sources; empty if they compile."""
    command = [
        "swiftc", "-typecheck", "-swift-version", "6", "-module-name", "HDF5",
        "-package-name", ROOT.name.lower(), "-I", modules(), "-Xcc", f"-I{include}"]
    for module_map in MODULE_MAPS:
        command += ["-Xcc", f"-fmodule-map-file={module_map}"]
    for feature in FEATURES:
        command += ["-enable-upcoming-feature", feature]
    for definition in definitions:
        command += ["-Xcc", f"-D{definition}"]
    with tempfile.TemporaryDirectory() as cache:
        run = subprocess.run(
            [*command, "-module-cache-path", cache, *SOURCES], capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stderr


def check(suite):
    with tempfile.TemporaryDirectory() as folder:
        version = debian.unpack("libhdf5-dev", suite, folder)
        include = Path(folder) / "root" / "usr" / "include" / "hdf5" / "serial"
        used = {
            name for source in SOURCES for name in re.findall(r"\bH5\w+", source.read_text())}
        named = sorted(used & macros(include))
        errors = typecheck(include)
        stands_in = not version.startswith("1.10.")
        if stands_in:
            errors += typecheck(include, "H5_USE_112_API")
    compiled = "compiles, with the names of 1.12 too" if stands_in else "compiles"
    print(
        f"{suite}: HDF5 {version}: {len(used)} names of the library in {len(SOURCES)} files, "
        f"macros among them: {', '.join(named) or 'none'}; "
        f"{'does not compile' if errors else compiled}", flush=True)
    if errors:
        print(errors)
    return not named and not errors


def main():
    if debian.mirror() is None:
        print("skipped: the headers come from Debian's packages, which this system does not have")
        return 0
    outcomes = [check(suite) for suite in sys.argv[1:] or SUITES]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
