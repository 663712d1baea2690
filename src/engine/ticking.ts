/** Does something while telling of it twice a second. */
export async function ticking<T>(tell: () => void, work: () => Promise<T>): Promise<T> {
  tell();
  const timer = setInterval(tell, 500);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
