import { seldom } from './short.js';

seldom(4_000_000);
