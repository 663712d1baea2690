import type { FrameKind } from '../model/profile.ts';

/** Whose code a script is, by its file's path (null for none) and its URL. */
export function scriptKind(path: string | null, url: string): FrameKind {
  if (path === null) return url.startsWith('node:') ? 'node' : 'own';
  return /[\\/]node_modules[\\/]/.test(path) ? 'package' : 'own';
}

/** A path as the profile states it: relative to `cwd` with forward slashes where it lies inside, else absolute. */
export function shownPath(path: string, cwd: string): string {
  const windows = /^[a-z]:[\\/]|^\\\\/i.test(cwd);
  const plain = windows ? path.replaceAll('\\', '/') : path;
  const plainCwd = (windows ? cwd.replaceAll('\\', '/') : cwd).replace(/\/+$/, '');
  const inside = windows
    ? plain.toLowerCase().startsWith(`${plainCwd.toLowerCase()}/`)
    : plain.startsWith(`${plainCwd}/`);
  return inside ? plain.slice(plainCwd.length + 1) : plain;
}
