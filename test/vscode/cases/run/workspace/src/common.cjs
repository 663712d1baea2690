exports.pile = function pile(size) {
  const found = [];
  for (let k = 0; k < size; k++) {
    found.push(String(k * 31).length);
  }
  return found.length;
};
