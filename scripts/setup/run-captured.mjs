import { spawn } from 'node:child_process';

/**
 * Runs a program and keeps what it prints; resolves to its exit status and the text of both streams.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ cwd: string, shell?: boolean }} options
 * @returns {Promise<{ status: number | null, output: string }>}
 */
export function runCaptured(program, parameters, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: Buffer.concat(chunks).toString() }));
  });
}
