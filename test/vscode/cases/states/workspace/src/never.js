import * as short from './short.js';

console.log(Object.keys(short).length);
