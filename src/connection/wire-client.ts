// Gives clients that are made without a connection the engine of this process. Imported by doors, for this effect alone.
import { setDefaultConnection } from '../client/connection-like';
import { Connection } from './connection';

setDefaultConnection(() => Connection.lazy());
