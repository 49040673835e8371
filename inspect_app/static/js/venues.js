// The form of a venue: takes the tablet's position. Where there is none (plain HTTP, no sensor) the button stays away.

const box = document.querySelector(".locate");
const failed = document.getElementById("locate-failed");

const fill = ({ coords }) => {
  document.getElementById("lat").value = coords.latitude.toFixed(6);
  document.getElementById("lng").value = coords.longitude.toFixed(6);
  failed.hidden = true;
};

if (window.isSecureContext && "geolocation" in navigator) {
  box.hidden = false;
  document.getElementById("locate").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(fill, () => { failed.hidden = false; }, {
      enableHighAccuracy: true,
      timeout: 15000,
    });
  });
}
