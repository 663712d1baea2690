/** @profile */
function answer(millis) {
  const end = performance.now() + millis;
  let y = 1;
  while (performance.now() < end) {
    for (let i = 0; i < 20000; i++) y = (y * 1.0001 + i) % 1000003;
  }
  return y;
}

setInterval(() => answer(20), 30);
process.stdin.on('end', () => process.exit(0)).resume();
