using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Tests.Backups.PostgreSql;

public sealed class BackupLabelTests
{
    private const string Label = """
        START WAL LOCATION: 0/9000028 (file 000000010000000000000009)
        CHECKPOINT LOCATION: 0/9000060
        BACKUP METHOD: streamed
        BACKUP FROM: standby
        START TIME: 2026-11-24 06:58:11 GMT
        LABEL: drmesh: nightly
        START TIMELINE: 1

        """;

    [Fact]
    public void Parse_LabelOfAServer_GivesItsFields() =>
        BackupLabel.Parse(Label).ShouldBe(new BackupLabel(Lsn.Parse("0/9000028"), Lsn.Parse("0/9000060"), new TimelineId(1), FromStandby: true));

    [Fact]
    public void Parse_MissingLine_IsNamed() =>
        Should.Throw<FormatException>(() => BackupLabel.Parse(Label.Replace("CHECKPOINT", "CHECK"))).Message.ShouldContain("CHECKPOINT LOCATION");

    [Fact]
    public void TablespaceMap_ParseOfFormat_IsTheSame() =>
        Gen.Select(Gen.UInt, Gen.String["ab/ \\\n\r"].Where(text => text.Length > 0)).List[0, 4].Sample(entries =>
        {
            var map = entries.Select(entry => new TablespaceEntry(entry.Item1, "/" + entry.Item2)).ToList();
            return TablespaceMap.Parse(TablespaceMap.Format(map)).SequenceEqual(map);
        });

    [Fact]
    public void TablespaceMap_LocationWithoutOid_IsRefused() =>
        Should.Throw<FormatException>(() => TablespaceMap.Parse("/srv/space\n")).Message.ShouldContain("/srv/space");
}
