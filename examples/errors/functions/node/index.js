// One handler per way to fail.

exports.throws = async (event) => {
  throw new TypeError(`order ${event.order} has no customer`);
};

exports.rejects = async () => {
  Promise.reject(new Error('nobody waited for this'));
  await new Promise((done) => setTimeout(done, 1000));
};

exports.exits = async () => process.exit(4);

exports.forgets = () => new Promise(() => {});
