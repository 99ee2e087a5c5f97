const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * Words for a failed download where the user has set a proxy that Node's `fetch` did not use, else ''. The
 * proxy itself is not shown, as its address may hold a password.
 */
export function ignoredProxy(environment: NodeJS.ProcessEnv, node: string = process.versions.node): string {
  const name = variables.find((variable) => environment[variable]);
  if (name === undefined || (environment['NODE_USE_ENV_PROXY'] === '1' && Number.parseInt(node, 10) >= 24))
    return '';
  return ` (${name} is set, but Node's fetch does not use it; Node 24 does with NODE_USE_ENV_PROXY=1)`;
}
