/** One file of the Python package index, pinned. A wheel is a zip; no Python runs it. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** Platform tag to ask the index for. */
  readonly tag: string;
}

/** The TensorFlow whose C library the addon is compiled against and loads. */
export const tensorflowVersion = '2.21.0';

function pin(project: string, version: string, tags: string, sha256: string): Wheel {
  const file = `${project.replaceAll('-', '_')}-${version}-${tags}.whl`;
  const tag = tags.split('-')[2]?.split('.')[0] ?? '';
  return { project, version, file, sha256, tag };
}

/** Libraries without CUDA, by `platform-arch` of Node. The macOS library computes on the CPU as well. */
export const cpuWheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': pin(
    'tensorflow-cpu',
    tensorflowVersion,
    'cp311-cp311-manylinux_2_27_x86_64',
    '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  ),
  'linux-arm64': pin(
    'tensorflow',
    tensorflowVersion,
    'cp311-cp311-manylinux_2_27_aarch64',
    '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  ),
  'darwin-arm64': pin(
    'tensorflow',
    tensorflowVersion,
    'cp311-cp311-macosx_12_0_arm64',
    '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
  ),
};

/** The Linux x64 library with CUDA 12 kernels. */
export const cudaWheel: Wheel = pin(
  'tensorflow',
  tensorflowVersion,
  'cp311-cp311-manylinux_2_27_x86_64',
  '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
);

/** NVIDIA's libraries, as the extra `and-cuda` of the same TensorFlow asks for them. */
export const cudaLibraryWheels: readonly Wheel[] = [
  pin(
    'nvidia-cublas-cu12',
    '12.9.3.13',
    'py3-none-manylinux_2_27_x86_64',
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  ),
  pin(
    'nvidia-cuda-cupti-cu12',
    '12.8.90',
    'py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64',
    'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  ),
  pin(
    'nvidia-cuda-nvcc-cu12',
    '12.9.86',
    'py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64',
    '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  ),
  pin(
    'nvidia-cuda-nvrtc-cu12',
    '12.9.86',
    'py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64',
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  ),
  pin(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    'py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64',
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  pin(
    'nvidia-cudnn-cu12',
    '9.28.0.42',
    'py3-none-manylinux_2_27_x86_64',
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  ),
  pin(
    'nvidia-cufft-cu12',
    '11.4.1.4',
    'py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64',
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  ),
  pin(
    'nvidia-curand-cu12',
    '10.3.10.19',
    'py3-none-manylinux_2_27_x86_64',
    '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  ),
  pin(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    'py3-none-manylinux_2_27_x86_64',
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  pin(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    'py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64',
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  pin(
    'nvidia-nccl-cu12',
    '2.32.3',
    'py3-none-manylinux_2_27_x86_64',
    'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  ),
  pin(
    'nvidia-nvjitlink-cu12',
    '12.9.86',
    'py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64',
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  ),
];
