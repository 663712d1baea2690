// Makes, writes, reads and sums up records, argv[2] times: builtins and short-lived objects.
const records = Array.from({ length: 20_000 }, (_, id) => ({
  id,
  name: `record ${id}`,
  tags: ['a', 'b', `t${id % 97}`],
  at: { x: id * 0.5, y: -id, label: id % 3 === 0 ? null : `p${id}` },
}));

function summary(read) {
  const byTag = new Map();
  for (const { tags, at } of read) {
    for (const tag of tags) byTag.set(tag, (byTag.get(tag) ?? 0) + at.x + at.y);
  }
  return [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, sum]) => ({ tag, sum }));
}

let length = 0;
for (let i = 0; i < Number(process.argv[2]); i++) {
  const read = JSON.parse(JSON.stringify(records));
  length += JSON.stringify(summary(read.map((record) => ({ ...record, seen: true })))).length;
}
if (length === 0) throw new Error('nothing written');
