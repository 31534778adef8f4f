def test_home(guest, pskov):
    response = guest.get("/")
    assert response.status_code == 200
    assert "Псков" in response.content.decode()
