"""The classic first function: every value of a JSON document in upper case."""
import json


def process(data):
    return {key: value.upper() if isinstance(value, str) else value for key, value in data.items()}


def process_data(event, context):
    body = event["body"]
    data = json.loads(body) if isinstance(body, str) else body
    print("received", len(data), "values")
    return {"statusCode": 200, "body": json.dumps(process(data))}


def main():
    print(process({"1": "abc", "2": "bdc", "3": "xyz", "4": "mno", "5": "educative"}))


if __name__ == "__main__":
    main()
