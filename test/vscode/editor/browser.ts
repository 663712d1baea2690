import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './install.ts';

/** A headless Chromium that runs without a sandbox of its own (CI runs as root) and asks nothing outside. */
export async function launchBrowser(log: (text: string) => void): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(log),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}
