import { expect, test } from 'vitest';
import { ignoredProxy } from './proxy.js';

test('a proxy that fetch does not use is named, never shown', () => {
  expect(ignoredProxy({})).toBe('');
  const words = ignoredProxy({ https_proxy: 'http://user:secret@host' });
  expect(words).toContain('https_proxy is set');
  expect(words).not.toContain('secret');
});

test('nothing is said where Node uses the proxy', () => {
  const environment = { HTTPS_PROXY: 'http://host', NODE_USE_ENV_PROXY: '1' };
  expect(ignoredProxy(environment, '24.1.0')).toBe('');
  expect(ignoredProxy(environment, '20.20.0')).toContain('HTTPS_PROXY');
});
