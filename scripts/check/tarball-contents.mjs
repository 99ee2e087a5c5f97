const allowedFiles = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^bin\/[\w-]+\.mjs$/,
  /^dist\/[\w/-]+(\.d)?\.[jt]s(\.map)?$/,
  /^src\/[\w/-]+(\.d)?\.ts$/,
  /^native\/[\w-]+\.cc$/,
];
const requiredFiles = ['package.json', 'README.md', 'LICENSE'];
const largest = 1e6;

/** The file list holds what a user needs and nothing else: no test, fixture, data, weight or key can slip in. */
export function contentFaults({ workspace: { name }, files, bytes }) {
  const present = new Set(files);
  return [
    ...requiredFiles.filter((file) => !present.has(file)).map((file) => `${file} is not in the tarball`),
    ...files
      .filter((file) => !allowedFiles.some((pattern) => pattern.test(file)))
      .map((file) => `${file} does not belong in a tarball`),
    ...files
      .filter((file) => isStale(file, present))
      .map((file) => `${file} has no source any more: delete dist/ and build again`),
    ...(bytes > largest ? [`the tarball is ${(bytes / 1e6).toFixed(1)} MB, above 1`] : []),
  ].map((fault) => `${name}: ${fault}`);
}

function isStale(file, present) {
  const built = /^dist\/(.*?)(\.d)?\.[jt]s(\.map)?$/.exec(file);
  return built !== null && !present.has(`src/${built[1]}.ts`);
}
