import { crunch, Machine } from './work.js';

console.log('main begins');
const until = Date.now() + 400;
let rounds = 0;
while (Date.now() < until) {
  crunch(100);
  new Machine().run(50);
  rounds += 1;
}
console.error('main ends', rounds > 0);
