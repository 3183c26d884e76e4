"""Answers with the event it was given: a beginning to put your own work into."""


def handler(event, context):
    print("an event has come; %d ms are left" % context.get_remaining_time_in_millis())
    return {"received": event}
