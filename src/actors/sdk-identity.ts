// Who runs turns, as histories record it. Changes with the package's version (held by a test).
import type { SdkIdentity } from './replay/flags';

export const SDK_IDENTITY: SdkIdentity = { name: 'troupe', version: '0.1.0' };
