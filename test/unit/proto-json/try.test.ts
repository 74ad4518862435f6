import { expect, test } from 'vitest';
import { historyFromProtoJson, historyToProtoJson, UnsupportedHistoryError } from '../../../src/common/proto-json';
import { scenarios, recordingsOf, readHistory } from '../../support/official-histories';
test('x', () => {
  let ok = 0;
  for (const s of scenarios) for (const r of recordingsOf(s)) {
    try {
      const ev = historyFromProtoJson(readHistory(r.file));
      const back = historyToProtoJson(ev);
      expect(historyFromProtoJson(back)).toEqual(ev);
      ok++;
    } catch (e) { if (e instanceof UnsupportedHistoryError) console.log(r.file, e.message); else throw e; }
  }
  console.log(ok);
});
