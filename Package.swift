// swift-tools-version: 6.1
import PackageDescription

// The manifest is the architecture: a module that may not use another does not list it here.
// From the C libraries over files, tensors and plain values up to the command-line tool.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

// To optimize the tests doubles the time of compiling them. It is worth it where tests compute much
// themselves; what they test is optimized in every case.
func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
  resources: [Resource]? = nil, optimized: Bool = false
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    exclude: exclude, resources: resources,
    swiftSettings: optimized ? strict : strict + [.unsafeFlags(["-Onone"])])
}

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "tlbench",
  // Synchronization's Mutex; Linux has no such minimum.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "tlbench", targets: ["tlbench"]),
    .library(name: "Transfer", targets: ["Transfer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // The C libraries.
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5",
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    // Without pkg-config, which would name the system's folder of libraries before any other: a
    // build against another oneDNN could not be linked.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(
      name: "CImages", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
    .target(name: "CKernels", cxxSettings: [.headerSearchPath(".")]),
    .target(
      name: "COneDNN", dependencies: ["CKernels"],
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp", .when(platforms: [.linux]))]),

    // First layer.
    module("Records", ["COpenSSL", "CZlib"]),
    module("HDF5", ["CHDF5", "Records"]),
    module("Tensors", ["COneDNN", "CKernels"]),

    // Second layer.
    module("NeuralNetwork", ["Tensors", "Records"]),
    module("TaskData", ["HDF5", "Tensors", "Records"]),
    module("Results", ["HDF5", "Records"]),
    // Folders of JPEG and PNG files.
    module("Pictures", ["CImages", "Results", "TaskData", "HDF5", "Tensors", "Records"]),
    module("Analysis", ["Records", realModule]),
    // Keras' and PyTorch's files; on the same layer as the network that it fills.
    module("ModelFiles", ["CZlib", "NeuralNetwork", "HDF5", "Tensors", "Records"]),

    // Third layer.
    module(
      "Transfer",
      ["ModelFiles", "NeuralNetwork", "TaskData", "Analysis", "HDF5", "Tensors", "Records"]),
    module("Sweep", ["Records"]),
    module("Reports", ["Analysis", "Records"]),

    // Fourth layer.
    module(
      "Experiments",
      ["Sweep", "Transfer", "Analysis", "Results", "TaskData", "HDF5", "Tensors", "Records"]),

    // Programs: the tool, and what benchmarks and checks run.
    .executableTarget(
      name: "tlbench",
      dependencies: [
        "Experiments", "Transfer", "Sweep", "Reports", "Pictures", "Results", "Analysis",
        "TaskData", "ModelFiles", "NeuralNetwork", "HDF5", "Tensors", "Records", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "tlbench-worker",
      dependencies: [
        "Experiments", "Transfer", "Sweep", "Results", "TaskData", "ModelFiles", "NeuralNetwork",
        "HDF5", "Tensors", "Records", argumentParser,
      ],
      path: "Benchmarks/Worker", swiftSettings: strict),

    // Tests mirror the sources.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "LayoutTests", dependencies: ["TestSupport"], swiftSettings: strict),
    tests(of: "Records"),
    tests(of: "HDF5", ["TestSupport", "Records"], resources: [.copy("Fixtures")]),
    tests(of: "Tensors", optimized: true),
    tests(
      of: "NeuralNetwork", ["Tensors", "HDF5", "Records", "AllocationCounter"],
      resources: [.copy("Fixtures")], optimized: true),
    tests(
      of: "TaskData", ["TestSupport", "HDF5", "Tensors", "Records"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "Pictures", ["TestSupport", "TaskData", "HDF5", "Tensors", "Records"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "Results", ["TestSupport", "HDF5", "Records"], exclude: ["Import/Tables"],
      resources: [.copy("Fixtures"), .copy("check_xarray.py")]),
    tests(
      of: "Analysis", ["Records"],
      exclude: ["check_advice_coverage.py", "check_coverage.py", "simulated_results.py"],
      resources: [.copy("Fixtures")], optimized: true),
    tests(
      of: "ModelFiles", ["TestSupport", "NeuralNetwork", "HDF5", "Tensors", "Records"],
      exclude: [
        "applications.py", "check_application_ends.py", "check_applications.py",
        "check_torch_files.py", "torch_networks.py",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      of: "Transfer",
      [
        "TestSupport", "ModelFiles", "NeuralNetwork", "TaskData", "Analysis", "HDF5", "Tensors",
        "Records",
      ],
      resources: [.copy("Fixtures"), .copy("check_keras.py")]),
    tests(
      of: "Experiments",
      [
        "TestSupport", "Sweep", "Transfer", "Analysis", "Results", "TaskData", "NeuralNetwork",
        "HDF5", "Tensors", "Records",
      ]),
    tests(of: "Sweep", ["Records"]),
    tests(
      of: "Reports", ["Analysis", "Results", "Records"],
      exclude: ["browser.py", "check_report.py"],
      resources: [.copy("Snapshots"), .copy("Fixtures")]),
    tests(
      of: "tlbench",
      [
        "TestSupport", "Transfer", "Results", "TaskData", "NeuralNetwork", "HDF5", "Tensors",
        "Records",
      ],
      exclude: [
        "check_advise.py", "check_baseline.py", "check_bench.py",
        "check_completions.py", "check_digits.py",
        "check_real_files.py", "check_recipe.py", "check_shards.py", "check_slurm.py",
        "check_tensorboard.py", "check_terminal.py",
      ],
      resources: [.copy("Cases")]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
