using System.Xml.Linq;

namespace DrMesh.TestKit.Servers.FakeRoute53;

internal sealed record FakeAnswer(int Status, XElement Body)
{
    public static FakeAnswer Error(int status, string code, string message) => new(status, new XElement(
        FakeRoute53Server.Xml + "ErrorResponse",
        new XElement(
            FakeRoute53Server.Xml + "Error",
            new XElement(FakeRoute53Server.Xml + "Type", status >= 500 ? "Receiver" : "Sender"),
            new XElement(FakeRoute53Server.Xml + "Code", code),
            new XElement(FakeRoute53Server.Xml + "Message", message)),
        new XElement(FakeRoute53Server.Xml + "RequestId", "fake")));
}
