// This package's own files, as they go into a bundle, and what its doors are called in users' imports. Host only.
import path from 'node:path';
import { locateOwn } from './locate';

/** `src` or `dist`. */
const PACKAGE_CODE = path.dirname(__dirname);

const IN_REALM = path.join(PACKAGE_CODE, 'actors', 'sandbox', 'in-realm');

/** Entries of the realm's own, by the names that the code inside knows. */
export function realmEntries(): Readonly<Record<string, string>> {
  const inRealm = (file: string): string => locateOwn(path.join(IN_REALM, file));
  return {
    '#loader': inRealm('loader'),
    '#in-realm': inRealm('index'),
    '#url': inRealm('url/index'),
    '#text-encoding': inRealm('text-encoding'),
    '#events': inRealm('events'),
    '#structured-clone': inRealm('structured-clone'),
  };
}

export const engineEntry = (): string => locateOwn(path.join(PACKAGE_CODE, 'workflow', 'engine', 'index'));

/** Whether a file is part of this package, and not of something installed inside it. */
export const isOwnFile = (file: string): boolean => {
  const inside = path.relative(PACKAGE_CODE, file);
  return !inside.startsWith('..') && !path.isAbsolute(inside) && !/(^|[\\/])node_modules[\\/]/.test(inside);
};

/** As stack traces name it. */
export const ownName = (file: string): string =>
  `troupe/${path.relative(PACKAGE_CODE, file).split(path.sep).join('/')}`;

/** The doors that workflow code may open, under our name and under Temporal's. */
const OPEN_DOORS = ['workflow', 'common'];
const PREFIXES = ['troupe', '@temporalio'];

/** The own file that an import means. */
export function doorFile(specifier: string): string | undefined {
  const door = PREFIXES.flatMap((prefix) =>
    OPEN_DOORS.filter((name) => specifier === `${prefix}/${name}`),
  )[0];
  return door === undefined ? undefined : locateOwn(path.join(PACKAGE_CODE, door, 'index'));
}

/** Packages and doors that only make sense outside of workflow code. */
export const isClosedDoor = (specifier: string): boolean =>
  specifier === 'troupe' ||
  /^(troupe|@temporalio)\/(activity|client|worker|testing|core-bridge|proto|nexus|cloud)(\/|$)/.test(
    specifier,
  );
