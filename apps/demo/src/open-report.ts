import open from 'open';
import { say } from './say.js';

/** Shows the report in the browser where a person sits at a terminal; elsewhere it has been named and that is all. */
export async function openReport(path: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const hasScreen =
    process.platform !== 'linux' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
  if (!process.stdout.isTTY || environment['CI'] || !hasScreen) return;
  const browser = await open(path);
  browser.once('error', () => say(`no browser could be started; open ${path} yourself`));
}
