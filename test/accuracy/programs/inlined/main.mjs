// Callees so small that V8 inlines them: from this file and another, closures, methods, getters, setters,
// constructors, a call with three targets, two levels deep.
import { drive, shuffled } from '../kernel.mjs';
import { far, Far } from './other.mjs';

const order = shuffled([15, 22, 30, 38, 45, 50, 25, 20, 5], 31);

function near(n) {
  for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
}

const nested = (n) => {
  near(n);
  far(8 * n);
};

class Box {
  inside = 0;
  set spun(n) {
    for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
    this.inside = n;
  }
}

class Made {
  constructor(n) {
    for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
    this.size = n;
  }
}

class Circle {
  area() {
    for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
    return 1;
  }
}
class Square {
  area() {
    for (let x = 0; x < 1200; ) x = Math.sqrt((x + 1) * (x + 1));
    return 2;
  }
}
class Line {
  area() {
    near(1800);
    return 3;
  }
}

const box = new Box();
const away = new Far();
const shapes = [new Circle(), new Square(), new Line()];

export function inliner() {
  let total = 0;
  const closed = (n) => {
    for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
    total++;
  };
  for (let step = 0; step < order.length; step++) {
    switch (order[step]) {
      case 0:
        near(1600);
        break;
      case 1:
        far(1600);
        near(800);
        break;
      case 2:
        closed(2000);
        break;
      case 3:
        away.step(1200);
        away.step(400);
        break;
      case 4:
        total += away.stepped;
        break;
      case 5:
        box.spun = 1600;
        break;
      case 6:
        nested(600);
        break;
      case 7:
        total += new Made(1600).size;
        break;
      default:
        for (const shape of shapes) total += shape.area();
    }
  }
  return total;
}

drive(() => {
  for (let i = 0; i < 4; i++) inliner();
});
