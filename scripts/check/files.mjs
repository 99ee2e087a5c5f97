import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from './repository-files.mjs';

const megabyte = 1e6;
const largestFile = 1 * megabyte;
const largestRepository = 15 * megabyte;

const dataFile = /\.(nii|nii\.gz|nrrd|mha|dcm|npy|npz|pt|pth|ckpt|h5|onnx|whl|so|node|tgz|pem|p12|key)$/i;
const weights = /\.safetensors$/i;

const bans = [
  ['a path of one machine', /(?<![\w.~}-])\/(?:root|home|Users|work|mnt)\/\w|[A-Z]:\\+Users\\/],
  ['a package registry', /https?:\/\/[^\s'"`)]*(?:registry|artifactory|nexus|verdaccio|pypi|npmmirror)/i],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an access token', /\b(?:npm_\w{36}|gh[pousr]_\w{36}|AKIA[0-9A-Z]{16}|sk-[\w-]{32,})\b/],
];

/** Nothing large, no scans, weights or keys, and no text that names one machine, a registry or a secret. */
export async function files(root) {
  const paths = repositoryFiles(root);
  const sizes = paths.map((path) => statSync(join(root, path)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [
    ...paths.filter((_, i) => sizes[i] > largestFile).map((path) => `${path} is larger than 1 MB`),
    ...(total > largestRepository
      ? [`all files together are ${(total / megabyte).toFixed(1)} MB, above 15`]
      : []),
    ...paths
      .filter(isData)
      .map((path) => `${path}: scans, weights, binaries and keys stay out of the repository`),
    ...paths.flatMap((path) => textFaults(path, readFileSync(join(root, path), 'utf8'))),
  ];
}

/** Small stored answers of tests are the exception. */
function isData(path) {
  return dataFile.test(path) || (weights.test(path) && !path.includes('/__fixtures__/'));
}

function textFaults(path, text) {
  if (text.includes('\0')) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      bans.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${path}:${index + 1} names ${what}`),
    );
}
