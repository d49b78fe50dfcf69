//! Records of Bedrock's log and the objects that hold their bodies → whole records.

use assay_domain::formats::bedrock_bodies::with_bodies;

#[test]
fn a_found_body_takes_the_place_of_its_reference_and_a_missing_one_stays() {
    let record = r#"{"schemaType":"ModelInvocationLog","input":{"inputBodyJson":"s3://b/in","inputTokenCount":3},"output":{"outputBodyS3Path":"s3://b/out"}}"#;
    let read = |find: &dyn Fn(&str) -> Option<&'static str>| {
        with_bodies(record.as_bytes(), |uri| {
            find(uri).map(|text| text.as_bytes().to_vec())
        })
        .map(|raw| String::from_utf8(raw).unwrap())
    };
    assert_eq!(
        read(&|uri| (uri == "s3://b/in").then_some("{\"messages\":[]}\n")),
        Some(record.replace("\"s3://b/in\"", "{\"messages\":[]}"))
    );
    assert_eq!(
        read(&|uri| (uri == "s3://b/out").then_some("{\"id\":\"msg_1\"}")),
        Some(record.replace(
            "\"s3://b/out\"",
            "\"s3://b/out\",\"outputBodyJson\":{\"id\":\"msg_1\"}"
        ))
    );
    assert_eq!(read(&|_| None), None);
    assert_eq!(read(&|_| Some("not JSON")), None);
    assert_eq!(with_bodies(b"{}", |_| None), None);
}
