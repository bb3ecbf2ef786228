"""From a folder of pictures and a network of timm to an answer.

    make wheel
    pip install Python/dist/tlbench-*.whl xarray h5netcdf pandas pillow torch timm
    python Examples/Pictures/pictures.py photos/ --model resnet18 --size 96 --budget 10m

The folder has a folder for each class: photos/cat/1.jpg, photos/dog/2.png, … The network's
pretrained weights are downloaded by timm; `--random` takes random weights instead, which shows how
little a network that was not pretrained helps. Everything is kept beside the folder, so that
'tlbench train' can train the winner.
"""

import argparse
from pathlib import Path

import timm
import tlbench


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="resnet18", help="a name of timm.list_models()")
    parser.add_argument("--size", type=int, default=96, help="the side of the pictures")
    parser.add_argument("--budget", default="10m", help="time for the comparison")
    parser.add_argument("--strategies", help="names, separated by commas")
    parser.add_argument("--random", action="store_true", help="random weights")
    options = parser.parse_args()
    place = options.folder.resolve().parent
    data = place / f"{options.folder.resolve().name}.h5"
    network = place / f"{options.model}.h5"

    pictures = tlbench.image_folder(options.folder, options.size)
    pictures.write(data, overwrite=True)
    print(f"{len(pictures.x)} pictures of {', '.join(pictures.class_names)}")
    for note in pictures.notes:
        print(f"note: {note}")

    model = timm.create_model(options.model, pretrained=not options.random)
    exported = tlbench.export_torch(
        model, network, (3, options.size, options.size), overwrite=True)
    print(f"{exported.layers} layers, {exported.parameters:,} parameters")

    names = options.strategies.split(",") if options.strategies else None
    results = tlbench.compare(
        network, data, budget=options.budget, strategies=names, output=place / "comparison.h5",
        overwrite=True)
    accuracy = results.accuracy.mean("replicate").isel(similarity=0)
    print(accuracy.to_pandas().round(3))  # a row for each size, a column for each strategy
    best = str(accuracy.isel(train_size=-1).idxmax("strategy").item())
    print(
        f"The best with all labels: {best}. Train it with\n"
        f"  tlbench train --weights {network} --data {data} --strategy {best} "
        f"--test-share 0 --output {place / 'mine.keras'}")


if __name__ == "__main__":
    main()
