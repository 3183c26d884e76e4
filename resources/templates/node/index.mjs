// Answers with the event it was given: a beginning to put your own work into.

export const handler = async (event, context) => {
  console.log(`an event has come; ${context.getRemainingTimeInMillis()} ms are left`);
  return { received: event };
};
