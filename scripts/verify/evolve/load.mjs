/** Reads rows, lists, and adds and deletes its own, one request after another, in four strands, until it is ended. */
export function loadOn(service, made, bodyOf) {
  const failures = [];
  let requests = 0;
  let isOver = false;
  const attempt = async (call) => {
    requests++;
    try {
      return await call();
    } catch (error) {
      failures.push(error.message);
    }
  };
  const strand = async (number) => {
    for (let turn = number; !isOver; turn += 4) {
      await attempt(() => service.get(made[turn % made.length].id));
      const own = await attempt(() => service.post(bodyOf(turn)));
      if (own) await attempt(() => service.remove(own.id, own.version));
      if (turn % 20 === 0) await attempt(() => service.list());
    }
  };
  const strands = [0, 1, 2, 3].map(strand);
  return {
    end: async () => {
      isOver = true;
      await Promise.all(strands);
      return { requests, failures };
    },
  };
}
